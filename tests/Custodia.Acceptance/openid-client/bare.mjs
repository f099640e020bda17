// oauth4webapi, which leaves every step to the caller and checks each answer strictly: the same flows once more, with RS256 ID
// tokens and the checks that a resource makes of a bound token.
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import {
  Browser, accessTokenType, application, approveDevice, issuer, keys, redirectUri, registrationToken, service, signIn, step, stock, tokenExchange,
} from './setup.mjs';

const http = { [oauth.allowInsecureRequests]: true };
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oidc' }));
await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' }));
for (const alg of ['ES256', 'RS256']) assert.ok(as.id_token_signing_alg_values_supported.includes(alg));
step('discovery, OpenID Connect and RFC 8414');

const { privateKey, jwks } = await keys();
const shop = await application({
  kind: 'web',
  name: 'Bare client',
  scopes: ['openid', 'email', 'offline_access', 'stock:read'],
  resources: [stock],
  deviceGrant: true,
  signingAlgorithm: 'RS256',
  protocol: { authentication: 'private_key_jwt', jwks },
});
const client = { client_id: shop.id, id_token_signed_response_alg: 'RS256' };
const authentication = oauth.PrivateKeyJwt({ key: privateKey, kid: 'one' });
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
const browser = new Browser();

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const nonce = oauth.generateRandomNonce();
const pushed = await oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, authentication, {
  response_type: 'code', redirect_uri: redirectUri, scope: 'openid email offline_access stock:read', resource: stock,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', state, nonce,
}, { ...http, DPoP }));
assert.equal(pushed.expires_in, 60);
const url = new URL(as.authorization_endpoint);
url.searchParams.set('client_id', client.client_id);
url.searchParams.set('request_uri', pushed.request_uri);
const callback = oauth.validateAuthResponse(as, client, await signIn(browser, url), state);
const answer = await oauth.authorizationCodeGrantRequest(as, client, authentication, callback, redirectUri, verifier, { ...http, DPoP });
let tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: nonce, requireIdToken: true });
await oauth.validateApplicationLevelSignature(as, answer, http);
const { sub } = oauth.getValidatedIdTokenClaims(tokens);
assert.equal(tokens.token_type, 'dpop');
step('pushed request, code flow with PKCE, DPoP and private_key_jwt; ID token signature checked (RS256)');

// As a resource that was sent the token with its proof.
let seen;
await oauth.protectedResourceRequest(tokens.access_token, 'GET', new URL(stock), undefined, undefined, {
  ...http, DPoP, [oauth.customFetch]: (address, options) => { seen = new Request(address, options); return new Response(); },
});
const claims = await oauth.validateJwtAccessToken(as, seen, stock, { ...http, requireDPoP: true });
assert.equal(claims.sub, sub);
step('a resource checks the bound access token');

const person = await oauth.processUserInfoResponse(as, client, sub, await oauth.userInfoRequest(as, client, tokens.access_token, { ...http, DPoP }));
assert.ok(person.email);
step('userinfo');

const exchange = { client_id: undefined };
const helper = await service('Bare service', shop.id);
exchange.client_id = helper.id;
const secret = oauth.ClientSecretBasic(helper.secret);
const exchanged = await oauth.processGenericTokenEndpointResponse(as, exchange, await oauth.genericTokenEndpointRequest(
  as, exchange, secret, tokenExchange, { subject_token: tokens.access_token, subject_token_type: accessTokenType, audience: stock, scope: 'stock:read' }, http));
assert.equal(exchanged.issued_token_type, accessTokenType);
step('token exchange');

const refreshed = await oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token, { ...http, DPoP });
tokens = await oauth.processRefreshTokenResponse(as, client, refreshed);
const about = await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, authentication, tokens.access_token, http));
assert.equal(about.active, true);
await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, tokens.refresh_token, http));
const after = await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, authentication, tokens.access_token, http));
assert.equal(after.active, false);
step('refresh, introspection, revocation');

const forItself = await oauth.processClientCredentialsResponse(as, exchange, await oauth.clientCredentialsGrantRequest(as, exchange, secret, { resource: stock }, http));
assert.equal(forItself.token_type, 'bearer');
step('client credentials');

const device = await oauth.processDeviceAuthorizationResponse(as, client, await oauth.deviceAuthorizationRequest(as, client, authentication, { scope: 'openid' }, http));
await approveDevice(browser, device.verification_uri_complete);
const onDevice = await oauth.deviceCodeGrantRequest(as, client, authentication, device.device_code, { ...http, DPoP });
const deviceTokens = await oauth.processDeviceCodeResponse(as, client, onDevice);
assert.equal(oauth.getValidatedIdTokenClaims(deviceTokens).sub, sub);
step('device code');

const metadata = { redirect_uris: [redirectUri], token_endpoint_auth_method: 'private_key_jwt', jwks, dpop_bound_access_tokens: true };
const made = await oauth.processDynamicClientRegistrationResponse(await oauth.dynamicClientRegistrationRequest(as, metadata, { ...http, initialAccessToken: await registrationToken() }));
assert.equal(made.client_secret, undefined);
const read = await fetch(made.registration_client_uri, { headers: { authorization: `Bearer ${made.registration_access_token}` } });
assert.equal((await read.json()).dpop_bound_access_tokens, true);
assert.equal((await fetch(made.registration_client_uri, { method: 'DELETE', headers: { authorization: `Bearer ${made.registration_access_token}` } })).status, 204);
step('dynamic registration and its management');
