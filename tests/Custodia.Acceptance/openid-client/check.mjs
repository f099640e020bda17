// Drives the provider with openid-client, every validation on, and a person at the sign-in pages. Prints one line a step;
// the first thing that is not as it should be ends it with a non-zero exit code.
//
// Environment: ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, POST_LOGOUT_URI (a web application with consent);
// SERVICE_ISSUER, SERVICE_ID, SERVICE_SECRET (an m2m application); OUTBOX (address of the Development outbox), EMAIL.
import assert from 'node:assert/strict';
import * as client from 'openid-client';
import { Browser } from './browser.mjs';

const env = name => process.env[name] ?? assert.fail(`${name} is not set`);
const step = text => console.log(`ok ${text}`);
const http = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] };

const issuer = new URL(env('ISSUER'));
const redirectUri = env('REDIRECT_URI');
const email = env('EMAIL');

// Discovery checks that the document names the issuer it was fetched from.
const config = await client.discovery(issuer, env('CLIENT_ID'), { use_mtls_endpoint_aliases: false }, client.ClientSecretBasic(env('CLIENT_SECRET')), http);
assert.equal(config.serverMetadata().issuer, issuer.href);
assert.equal(config.serverMetadata().authorization_response_iss_parameter_supported, true);
const oauth = await client.discovery(issuer, env('CLIENT_ID'), undefined, client.ClientSecretPost(env('CLIENT_SECRET')), { ...http, algorithm: 'oauth2' });
assert.equal(oauth.serverMetadata().token_endpoint, config.serverMetadata().token_endpoint);
step('discovery, OpenID Connect and RFC 8414');

const browser = new Browser();

async function authorize(extra) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...extra,
  });
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } };
}

// A person comes from the application, signs up with a mailed code, agrees, and goes back.
let request = await authorize({});
let page = await browser.get(request.url);
assert.match(page.url.pathname, /\/sign-in$/);
page = await browser.get(page.link(/\/sign-up/));
page = await browser.submit(page, { email, 'display-name': 'Vera Rubin', 'user-name': 'vera', password: 'dark matter halo' });
page = await browser.submit(page, { code: await mailedCode() });
assert.match(page.url.pathname, /\/consent$/);
page = await browser.submit(page, { decision: 'allow' });
assert.ok(page.outside, 'the browser is back at the application');
let tokens = await client.authorizationCodeGrant(config, page.outside, request.checks);
const claims = tokens.claims();
assert.equal(claims.iss, issuer.href);
assert.equal(claims.aud, env('CLIENT_ID'));
assert.ok(tokens.refresh_token);
step('sign-up, consent, code flow with PKCE, state, nonce, iss; ID token signature checked');

// Single sign-on: no page at all, and a sign-in that is young enough.
request = await authorize({ prompt: 'none', max_age: '600' });
page = await browser.get(request.url);
await client.authorizationCodeGrant(config, page.outside, { ...request.checks, maxAge: 600 });
step('prompt=none with max_age');

// A refusal is an answer that the client understands.
request = await authorize({ prompt: 'none', max_age: '600' });
page = await new Browser().get(request.url);
await assert.rejects(client.authorizationCodeGrant(config, page.outside, request.checks), { error: 'login_required' });
step('login_required');

const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
assert.equal(person.email, email);
assert.equal(person.email_verified, true);
assert.equal(person.name, 'Vera Rubin');
step('userinfo');

const used = tokens.refresh_token;
tokens = await client.refreshTokenGrant(config, used);
assert.equal(tokens.claims().sub, claims.sub);
assert.notEqual(tokens.refresh_token, used);
assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true);
step('refresh with rotation, introspection');

await assert.rejects(client.refreshTokenGrant(config, used), { error: 'invalid_grant' });
await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' });
step('reuse of a refresh token ends the family');

request = await authorize({});
page = await browser.get(request.url);
tokens = await client.authorizationCodeGrant(config, page.outside, request.checks);
await client.tokenRevocation(config, tokens.refresh_token);
assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false);
step('revocation');

const service = await client.discovery(new URL(env('SERVICE_ISSUER')), env('SERVICE_ID'), undefined, client.ClientSecretPost(env('SERVICE_SECRET')), http);
const grant = await client.clientCredentialsGrant(service, {});
assert.equal(grant.token_type, 'bearer');
const api = await client.fetchProtectedResource(service, grant.access_token, new URL('/api/v1/applications', issuer), 'GET');
assert.equal(api.status, 200);
step('client credentials, API');

page = await browser.get(client.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: env('POST_LOGOUT_URI'),
  state: 'goodbye',
}));
assert.equal(page.outside.href, `${env('POST_LOGOUT_URI')}?state=goodbye`);
request = await authorize({ prompt: 'none' });
page = await browser.get(request.url);
await assert.rejects(client.authorizationCodeGrant(config, page.outside, request.checks), { error: 'login_required' });
step('logout');

async function mailedCode() {
  for (let tries = 0; tries < 100; tries++) {
    const mails = await (await fetch(`${env('OUTBOX')}?to=${encodeURIComponent(email)}`)).json();
    const digits = mails[0]?.text.match(/\b\d{6}\b/);
    if (digits) return digits[0];
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  assert.fail(`no code was mailed: ${page.status} ${page.text()}`);
}
