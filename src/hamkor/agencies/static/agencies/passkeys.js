// SPDX-License-Identifier: Apache-2.0
// Passkeys: a form with data-passkey asks the device, puts its answer into the field "credential" and is sent.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const descriptor = (key) => ({ ...key, id: bytes(key.id) });

async function create(options, alone) {
  const wanted = options.publicKey;
  const selection = { ...wanted.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  if (alone) selection.userVerification = "required";
  const made = await navigator.credentials.create({
    publicKey: {
      ...wanted,
      challenge: bytes(wanted.challenge),
      user: { ...wanted.user, id: bytes(wanted.user.id) },
      excludeCredentials: (wanted.excludeCredentials || []).map(descriptor),
      authenticatorSelection: selection,
    },
  });
  return {
    ...common(made),
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports?.() || [],
    },
  };
}

async function get(options) {
  const wanted = options.publicKey;
  const found = await navigator.credentials.get({
    publicKey: { ...wanted, challenge: bytes(wanted.challenge), allowCredentials: (wanted.allowCredentials || []).map(descriptor) },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return {
    ...common(found),
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
}

const common = (made) => ({
  type: made.type,
  id: made.id,
  rawId: text(made.rawId),
  authenticatorAttachment: made.authenticatorAttachment,
  clientExtensionResults: made.getClientExtensionResults(),
});

async function ask(form) {
  if (form.dataset.passkey === "add") {
    const alone = form.elements.passwordless;
    return create(JSON.parse(document.getElementById("js_data").textContent).creation_options, alone ? alone.checked : false);
  }
  if (form.dataset.passkey === "use") return get(JSON.parse(document.getElementById("js_data").textContent).request_options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return get((await answer.json()).request_options);
}

function show(form, words) {
  const place = form.querySelector("[role=alert]");
  if (place) { place.textContent = words; place.hidden = !words; }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset?.passkey || form.elements.credential.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!window.PublicKeyCredential) { show(form, form.dataset.textMissing); return; }
  show(form, "");
  try {
    form.elements.credential.value = JSON.stringify(await ask(form));
    form.submit();
  } catch {
    form.elements.credential.value = "";
    show(form, form.dataset.textFailed);
  }
}, true);
