// What came of the checks of a package: the hub takes nothing in that fails one of them.

import { icon } from "../components/icon.js";
import { h } from "../dom.js";
import { number, t } from "../strings.js";

/** A list: what held, and what nobody vouches for. */
export function checks({ manifest, signer, sha256 }) {
  const tests = manifest.selftest ?? [];
  const files = Object.keys(manifest.targets).length + tests.length;
  return h(
    "ul.list.checks",
    line(true, t("models.check.whole", { n: files }), h("code", sha256.slice(0, 16))),
    line(true, t("models.check.recipe", { decoder: manifest.recipe.decoder, n: manifest.recipe.labels.length })),
    line(Boolean(signer), signer ? t("models.check.signed", { signer }) : t("models.check.unsigned")),
    line(tests.length > 0, t(tests.length ? "models.check.tests" : "models.check.untested", { n: tests.length })),
    line((manifest.metrics ?? []).length > 0, t(manifest.metrics?.length ? "models.check.metrics" : "models.check.unmeasured", { n: number(manifest.metrics?.length ?? 0) })),
  );
}

const line = (good, text, more = null) => h("li", { class: good ? "good" : "" }, icon(good ? "check" : "warning"), h("span.grow", text), more);
