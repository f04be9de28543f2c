// How cameras, people and other programs reach this hub, and where it leads itself.

import { get } from "../api.js";
import { panel } from "../components/panel.js";
import { h } from "../dom.js";
import { t } from "../strings.js";

export async function links() {
  const [{ items: channels }, told] = await Promise.all([get("channels"), get("settings")]);
  const tls = told.tls.self_signed ? t("links.tls.own") : told.tls.certificate ? t("links.tls.given") : t("links.tls.none");
  const address = told.url || location.origin;
  return h(
    "div.stack",
    h("p.soft", t("links.text")),
    h(
      "div.grid",
      panel(t("links.in"), facts([
        ["links.address", h("a", { href: address }, address)],
        ["links.api", h("a", { href: "/api/v1/openapi.json", target: "_blank" }, `${address}/api/v1`)],
        ["links.mqtt", told.broker ? t("links.broker") : t("links.gateway")],
        ["links.tls", told.url.startsWith("https:") ? t("links.tls.proxy") : tls],
        ["links.signin", told.oidc ? `${told.oidc.name} (${told.oidc.issuer})` : t("links.signin.none")],
      ])),
      panel(t("links.out"), facts([
        ["links.smtp", told.smtp ? `${told.smtp.host}:${told.smtp.port}, ${told.smtp.sender}` : t("links.off")],
        ["links.channels", channels.length ? channels.map((one) => `${one.name} (${one.kind})`).join(", ") : t("links.off"), "/alerts"],
        ["links.traces", told.traces || t("links.off")],
        ["links.metrics", t(`links.metrics.${told.metrics}`)],
        ["links.allow", told.allow.length ? told.allow.join(", ") : t("links.allow.none")],
        ["links.database", told.database === "sqlite" ? "SQLite" : "PostgreSQL"],
      ])),
    ),
  );
}

const facts = (lines) =>
  h("dl.facts", lines.map(([key, value, href = null]) => [h("dt", t(key)), h("dd", href ? h("a", { href }, value) : value)]));
