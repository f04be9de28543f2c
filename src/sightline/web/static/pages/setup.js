// The first start: whoever holds the link that the hub printed becomes its administrator.

import { post } from "../api.js";
import { h } from "../dom.js";
import { field, form } from "../components/field.js";
import { sign } from "../components/panel.js";
import { go, query } from "../router.js";
import { signIn } from "../session.js";
import { t } from "../strings.js";

export default function setup() {
  const { token } = query();
  const title = h("h1", t("setup.title"));
  if (!token) return h("section.panel", h("header", title), h("p", t("setup.link")));
  // A browser holds back a form for as long as a field is said to be wrong.
  const oninput = (event) => event.target.form.again.setCustomValidity("");
  const fields = [
    h("p.soft", t("setup.text")),
    field(t("setup.name"), "name", { autocomplete: "username", required: true, value: "admin" }),
    field(t("setup.password"), "password", { type: "password", autocomplete: "new-password", required: true, minlength: 12, hint: t("setup.hint"), oninput, autofocus: true }),
    field(t("setup.again"), "again", { type: "password", autocomplete: "new-password", required: true, oninput }),
  ];
  const send = async ({ name, password, again }, node) => {
    node.again.setCustomValidity(password === again ? "" : t("setup.differ"));
    if (!node.reportValidity()) return;
    await post("setup", { token, name, password });
    await signIn(name, password);
    go("/welcome", { replace: true });
  };
  return [sign(), h("section.panel", h("header", title), form(fields, send, { submit: t("setup.go") }))];
}
