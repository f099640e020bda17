// Lets pages make and use passkeys (Web Authentication Level 3). A form marked data-passkey fetches what to ask from data-options,
// asks the browser, and posts the answer as any other form does.
(() => {
  'use strict';
  // Several forms of one page name this script.
  if (window.custodiaPasskeys) return;
  window.custodiaPasskeys = true;

  const isAddress = /^[\d.]+$|:/.test(location.hostname);
  if (!window.PublicKeyCredential || !window.isSecureContext || isAddress) return;

  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const withBytes = list => (list ?? []).map(item => ({ ...item, id: bytes(item.id) }));

  // Browsers older than the JSON methods of the standard get the same by hand.
  function creationOptions(json) {
    if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(json);
    return { ...json, challenge: bytes(json.challenge), user: { ...json.user, id: bytes(json.user.id) }, excludeCredentials: withBytes(json.excludeCredentials) };
  }

  function requestOptions(json) {
    if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(json);
    return { ...json, challenge: bytes(json.challenge), allowCredentials: withBytes(json.allowCredentials) };
  }

  function asJson(credential) {
    if (credential.toJSON) return credential.toJSON();
    const answer = credential.response;
    const response = { clientDataJSON: text(answer.clientDataJSON) };
    for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle'])
      if (answer[name]) response[name] = text(answer[name]);
    if (answer.getTransports) response.transports = answer.getTransports();
    return {
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  let waiting;

  async function run(form, mediation) {
    waiting?.abort();
    const mine = waiting = new AbortController();
    const token = new URLSearchParams({ 'form-token': form.elements['form-token'].value });
    const answer = await fetch(form.dataset.options, { method: 'POST', body: token, headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    const { reference, options } = await answer.json();
    if (mine.signal.aborted) return;
    const credential = form.dataset.passkey === 'create'
      ? await navigator.credentials.create({ publicKey: creationOptions(options), signal: mine.signal })
      : await navigator.credentials.get({ publicKey: requestOptions(options), mediation, signal: mine.signal });
    form.elements.reference.value = reference;
    form.elements.credential.value = JSON.stringify(asJson(credential));
    form.submit();
  }

  async function offer(form) {
    form.hidden = false;
    const failed = document.getElementById(form.dataset.failed);
    form.addEventListener('submit', event => {
      event.preventDefault();
      failed.hidden = true;
      run(form).catch(error => { if (error.name !== 'AbortError') failed.hidden = false; });
    });
    // While the name is being typed the browser offers passkeys beside it; nobody is told when that comes to nothing.
    if (form.dataset.conditional && await PublicKeyCredential.isConditionalMediationAvailable?.())
      run(form, 'conditional').catch(() => {});
  }

  document.querySelectorAll('form[data-passkey]').forEach(offer);
})();
