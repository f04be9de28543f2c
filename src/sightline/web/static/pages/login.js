// Sign in, and back to where one wanted to go.

import { h } from "../dom.js";
import { field, form } from "../components/field.js";
import { icon } from "../components/icon.js";
import { go, query } from "../router.js";
import { signIn } from "../session.js";
import { t } from "../strings.js";

export default function login() {
  const { to = "/" } = query();
  const target = to.startsWith("/") && !to.startsWith("//") ? to : "/";
  const fields = [
    field(t("login.name"), "name", { autocomplete: "username", required: true, autofocus: true }),
    field(t("login.password"), "password", { type: "password", autocomplete: "current-password", required: true }),
  ];
  const send = async ({ name, password }) => {
    await signIn(name, password);
    go(target, { replace: true });
  };
  return h(
    "section.panel",
    h("header", h("h1", t("login.title")), icon("eye")),
    form(fields, send, { submit: t("login.go") }),
  );
}
