// Sign in, here or through a provider elsewhere, and back to where one wanted to go.

import { get } from "../api.js";
import { h } from "../dom.js";
import { field, form } from "../components/field.js";
import { sign } from "../components/panel.js";
import { go, query } from "../router.js";
import { signIn } from "../session.js";
import { t } from "../strings.js";

// Why somebody is here again; the words are ours, whatever the address says.
const TOLD = ["ended", "role", "away", "again"];

export default function login() {
  const { to = "/", told } = query();
  const target = ours(to);
  const fields = [
    field(t("login.name"), "name", { autocomplete: "username", required: true, autofocus: true }),
    field(t("login.password"), "password", { type: "password", autocomplete: "current-password", required: true }),
  ];
  const send = async ({ name, password }) => {
    await signIn(name, password);
    go(target, { replace: true });
  };
  const door = h(
    "section.panel",
    h("header", h("h1", t("login.title"))),
    TOLD.includes(told) && h("p.note", { role: "status" }, t(`login.told.${told}`)),
    form(fields, send, { submit: t("login.go") }),
    elsewhere(),
  );
  return [sign(), door];
}

/** Where to go then: never to another site, however its address is written. */
function ours(to) {
  const asked = URL.canParse(to, location.origin) ? new URL(to, location.origin) : null;
  return asked?.origin === location.origin ? asked.pathname + asked.search : "/";
}

/** A way to the provider, once it is known that there is one. */
function elsewhere() {
  const place = h("p");
  get("signin")
    .then(({ elsewhere: name }) => {
      if (name) place.append(h("a", { href: "/api/v1/signin/elsewhere" }, t("login.oidc", { name })));
    })
    .catch(() => {}); // the form says it when the hub is away
  return place;
}
