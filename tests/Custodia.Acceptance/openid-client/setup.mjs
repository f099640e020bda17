// What the scripts beside this one share: the environment, applications made through the API, a person who signs in.
//
// Environment: ISSUER (a customer directory), SERVICE_ISSUER, SERVICE_ID, SERVICE_SECRET (an m2m application that may make
// applications), USER_NAME, PASSWORD (a person of the directory), REDIRECT_URI, POST_LOGOUT_URI.
import assert from 'node:assert/strict';
import * as jose from 'jose';
import { Browser } from './browser.mjs';

export const env = name => process.env[name] ?? assert.fail(`${name} is not set`);
export const step = text => console.log(`ok ${text}`);

export const issuer = new URL(env('ISSUER'));
export const directory = issuer.pathname.split('/').at(-1);
export const redirectUri = env('REDIRECT_URI');
export const postLogoutUri = env('POST_LOGOUT_URI');
export const stock = 'https://stock.example';
export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

let adminToken;

// Calls the administrative API; fails on anything but success.
export async function api(method, path, body) {
  adminToken ??= (await (await fetch(`${env('SERVICE_ISSUER')}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: env('SERVICE_ID'), client_secret: env('SERVICE_SECRET') }),
  })).json()).access_token;
  const response = await fetch(new URL(path, issuer.origin), {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text && JSON.parse(text);
}

export async function application(settings) {
  const made = await api('POST', '/api/v1/applications', { directory, redirectUris: [redirectUri], postLogoutUris: [postLogoutUri], ...settings });
  return { id: made.application.clientId, secret: made.clientSecret };
}

export const service = (name, from, settings = {}) => application({
  kind: 'm2m', name, redirectUris: [], postLogoutUris: [], scopes: ['stock:read'], resources: [stock], protocol: { exchangeFrom: [from], ...settings },
});

export const registrationToken = async () =>
  (await api('POST', `/api/v1/directories/${directory}/registration-tokens`, { name: 'independent client' })).token;

// A key pair and the set that holds its public part.
export async function keys() {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true });
  return { privateKey, jwks: { keys: [{ ...(await jose.exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] } };
}

// An access token as a resource reads it: type, signature, issuer and audience (RFC 9068 section 4).
export async function readAccessToken(token, jwksUri, audience) {
  const { payload } = await jose.jwtVerify(token, jose.createRemoteJWKSet(new URL(jwksUri)), { typ: 'at+jwt', issuer: issuer.href, audience });
  return payload;
}

// A browser in which the person goes through an authorization request; ends outside, at the application.
export async function signIn(browser, url) {
  let page = await browser.get(url);
  if (!page.outside && /\/sign-in$/.test(page.url.pathname)) page = await browser.submit(page, { name: env('USER_NAME'), password: env('PASSWORD') });
  if (!page.outside && /\/consent$/.test(page.url.pathname)) page = await browser.submit(page, { decision: 'allow' });
  assert.ok(page.outside, `the browser is at ${page.url}: ${page.text()}`);
  return page.outside;
}

// What the person does on another screen, with the code that the device shows.
export async function approveDevice(browser, address) {
  let page = await browser.get(new URL(address));
  if (/\/sign-in$/.test(page.url.pathname)) page = await browser.submit(page, { name: env('USER_NAME'), password: env('PASSWORD') });
  if (!page.html.includes('value="allow"')) page = await browser.submit(page, { user_code: new URL(address).searchParams.get('user_code') });
  assert.match(page.html, /value="allow"/, page.text());
  return browser.submit(page, { decision: 'allow' });
}

export { Browser };
