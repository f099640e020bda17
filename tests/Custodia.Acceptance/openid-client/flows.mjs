// openid-client through every flow that needs more than a secret: pushed requests, DPoP, private_key_jwt, token exchange, dynamic
// registration, devices; every validation on. Prints one line a step; the first thing that is wrong ends it.
import assert from 'node:assert/strict';
import * as client from 'openid-client';
import {
  Browser, accessTokenType, api, application, approveDevice, env, issuer, keys, postLogoutUri, readAccessToken, redirectUri, registrationToken, service, signIn, step, stock,
  tokenExchange,
} from './setup.mjs';

const http = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] };
const { privateKey, jwks } = await keys();
const shop = await application({
  kind: 'web',
  name: 'Strict client',
  scopes: ['openid', 'profile', 'email', 'offline_access', 'stock:read'],
  deviceGrant: true,
  protocol: { authentication: 'private_key_jwt', jwks, dpopRequired: true, pushedRequestsRequired: true },
});
assert.equal(shop.secret ?? null, null);
const config = await client.discovery(issuer, shop.id, undefined, client.PrivateKeyJwt({ key: privateKey, kid: 'one' }), http);
const metadata = config.serverMetadata();
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
const thumbprint = await DPoP.calculateThumbprint();
const browser = new Browser();

async function authorize(extra) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = await client.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access stock:read',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...extra,
  }, { DPoP });
  assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri']);
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } };
}

// Without what the application has to do, nothing.
const plain = client.buildAuthorizationUrl(config, { redirect_uri: redirectUri, scope: 'openid', state: 'x', code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' });
await assert.rejects(client.authorizationCodeGrant(config, (await browser.get(plain)).outside, { pkceCodeVerifier: 'x', expectedState: 'x' }), { error: 'invalid_request' });
step('a request that was not pushed is refused');

let request = await authorize();
let callback = await signIn(browser, request.url);
let tokens = await client.authorizationCodeGrant(config, callback, request.checks, undefined, { DPoP });
assert.equal(tokens.token_type, 'dpop');
const subject = tokens.claims().sub;
let access = await readAccessToken(tokens.access_token, metadata.jwks_uri, issuer.href);
assert.equal(access.cnf.jkt, thumbprint);
step('pushed request, private_key_jwt, code flow with PKCE and DPoP; signatures of both tokens checked');

const person = await client.fetchUserInfo(config, tokens.access_token, subject, { DPoP });
assert.equal(person.sub, subject);
await assert.rejects(client.fetchUserInfo(config, tokens.access_token, subject));
const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
await assert.rejects(client.fetchUserInfo(config, tokens.access_token, subject, { DPoP: other }));
step('userinfo with the key, and not without it');

tokens = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
assert.equal(tokens.claims().sub, subject);
await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_dpop_proof' });
const about = await client.tokenIntrospection(config, tokens.access_token);
assert.equal(about.active, true);
assert.equal(about.cnf.jkt, thumbprint);
step('refresh and introspection');

// A service acts for the person.
const helper = await service('Stock service', shop.id);
const acting = await client.discovery(issuer, helper.id, undefined, client.ClientSecretBasic(helper.secret), http);
const exchanged = await client.genericGrantRequest(acting, tokenExchange, { subject_token: tokens.access_token, subject_token_type: accessTokenType, resource: stock });
assert.equal(exchanged.issued_token_type, accessTokenType);
access = await readAccessToken(exchanged.access_token, metadata.jwks_uri, stock);
assert.equal(access.sub, subject);
assert.equal(access.act.sub, helper.id);
assert.equal(access.scope, 'stock:read');
step('token exchange');

await client.tokenRevocation(config, tokens.access_token);
assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false);
assert.equal((await client.tokenIntrospection(acting, exchanged.access_token)).active, false);
step('revocation, of what was exchanged too');

// For itself, with a bound token at the API.
const own = await client.discovery(new URL(env('SERVICE_ISSUER')), env('SERVICE_ID'), undefined, client.ClientSecretPost(env('SERVICE_SECRET')), http);
const ownDPoP = client.getDPoPHandle(own, await client.randomDPoPKeyPair('ES256'));
const granted = await client.clientCredentialsGrant(own, {}, { DPoP: ownDPoP });
assert.equal(granted.token_type, 'dpop');
const list = new URL('/api/v1/applications', issuer);
assert.equal((await client.fetchProtectedResource(own, granted.access_token, list, 'GET', undefined, undefined, { DPoP: ownDPoP })).status, 200);
assert.equal((await fetch(list, { headers: { authorization: `Bearer ${granted.access_token}` } })).status, 401);
step('client credentials with DPoP, API');

// A device without a browser.
const device = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
await approveDevice(browser, device.verification_uri_complete);
const onDevice = await client.pollDeviceAuthorizationGrant(config, device, undefined, { DPoP });
assert.equal(onDevice.claims().sub, subject);
assert.equal(onDevice.token_type, 'dpop');
step('device code');

// An application registers itself and works at once.
const registered = await client.dynamicClientRegistration(
  issuer,
  { redirect_uris: [redirectUri], post_logout_redirect_uris: [postLogoutUri], client_name: 'Self-made', grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_basic' },
  undefined,
  { ...http, initialAccessToken: await registrationToken() });
const verifier = client.randomPKCECodeVerifier();
const url = client.buildAuthorizationUrl(registered, {
  redirect_uri: redirectUri, scope: 'openid offline_access', state: 'self', code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
});
callback = await signIn(browser, url);
const selfMade = await client.authorizationCodeGrant(registered, callback, { pkceCodeVerifier: verifier, expectedState: 'self', idTokenExpected: true });
assert.equal(selfMade.claims().sub, subject);
await client.refreshTokenGrant(registered, selfMade.refresh_token);
step('dynamic registration');

// References instead of JWTs.
const opaque = await application({ kind: 'web', name: 'Opaque client', protocol: { accessTokenFormat: 'opaque' } });
const asking = await client.discovery(issuer, opaque.id, undefined, client.ClientSecretBasic(opaque.secret), http);
const challenge = client.randomPKCECodeVerifier();
callback = await signIn(browser, client.buildAuthorizationUrl(asking, {
  redirect_uri: redirectUri, scope: 'openid email', state: 'o', code_challenge: await client.calculatePKCECodeChallenge(challenge), code_challenge_method: 'S256',
}));
const references = await client.authorizationCodeGrant(asking, callback, { pkceCodeVerifier: challenge, expectedState: 'o', idTokenExpected: true });
assert.ok(!references.access_token.includes('.'));
assert.ok((await client.fetchUserInfo(asking, references.access_token, subject)).email);
await client.tokenRevocation(asking, references.access_token);
await assert.rejects(client.fetchUserInfo(asking, references.access_token, subject));
step('opaque tokens');

const page = await browser.get(client.buildEndSessionUrl(config, { id_token_hint: onDevice.id_token, post_logout_redirect_uri: postLogoutUri, client_id: shop.id }));
assert.ok(page.outside ?? page.status === 200);
await api('GET', '/api/v1/applications?limit=1');
step('logout');
