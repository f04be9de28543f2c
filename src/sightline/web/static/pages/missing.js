// An address that leads nowhere.

import { h } from "../dom.js";
import { t } from "../strings.js";

export default () =>
  h("div.empty", h("h1", t("missing.title")), h("p", t("missing.text")), h("a.button.primary", { href: "/" }, t("missing.home")));
