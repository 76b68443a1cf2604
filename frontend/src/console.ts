// Passkeys: a button where the page has a place for one. Without this script, or without passkeys, the form beside it does the same.

type Options = { token: string; options: { publicKey: Record<string, unknown> } };

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer: ArrayBuffer): string =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** What the server writes as words and the browser takes as bytes. */
const read = (value: unknown, key = ""): unknown => {
  if (typeof value === "string") return key === "challenge" || key === "id" ? bytes(value) : value;
  if (Array.isArray(value)) return value.map((one) => read(one));
  if (value === null || typeof value !== "object") return value;
  // The site's own id is a host name.
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === "rp" ? inner : read(inner, name)]));
};

const written = (credential: PublicKeyCredential): unknown => {
  const { response } = credential;
  const parts: Record<string, string> = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const part: unknown = (response as unknown as Record<string, unknown>)[name];
    if (part instanceof ArrayBuffer) parts[name] = text(part);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: parts, extensions: {} };
};

const send = async (path: string, body?: unknown): Promise<Response> => {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
};

async function prove(template: HTMLTemplateElement): Promise<string> {
  const { passkey, ask = "", to = "" } = template.dataset;
  const { token, options } = (await (await send(ask)).json()) as Options;
  const publicKey = read(options.publicKey);
  const credential =
    passkey === "enrol"
      ? await navigator.credentials.create({ publicKey: publicKey as PublicKeyCredentialCreationOptions })
      : await navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions });
  if (!(credential instanceof PublicKeyCredential)) throw new Error("no passkey");
  const answer = await send(`${ask}/answer`, { token, answer: written(credential), to });
  return ((await answer.json()) as { to: string }).to;
}

if (typeof PublicKeyCredential !== "undefined") {
  for (const template of document.querySelectorAll<HTMLTemplateElement>("template[data-passkey]")) {
    const place = template.content.cloneNode(true) as DocumentFragment;
    const button = place.querySelector("button");
    const trouble = place.querySelector<HTMLElement>(".trouble");
    button?.addEventListener("click", async () => {
      button.disabled = true;
      if (trouble) trouble.hidden = true;
      try {
        location.assign(await prove(template));
      } catch {
        if (trouble) trouble.hidden = false;
        button.disabled = false;
        button.focus();
      }
    });
    template.after(place);
  }
}
