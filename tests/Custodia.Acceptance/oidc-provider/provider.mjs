// oidc-provider as people have it who sign in elsewhere: PKCE demanded, RS256, the profile at userinfo only.
// REDIRECT_URI and CLIENT_SECRET are the client's. Prints its address once it listens. It signs in whom POST /person named last;
// POST /bend makes it, from then on, another party than the one that was asked: { "nonce": … , "code_challenge": … } replaces what
// the browser brings. GET /seen says what it has seen.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const people = new Map();
const seen = { requests: [], userinfo: 0 };
let [next, bend] = [null, {}];

const server = createServer();
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const key = { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' };

const provider = new Provider(issuer, {
  clients: [{ client_id: 'custodia', client_secret: process.env.CLIENT_SECRET, redirect_uris: [process.env.REDIRECT_URI], grant_types: ['authorization_code'], response_types: ['code'] }],
  jwks: { keys: [key] },
  cookies: { keys: [process.env.CLIENT_SECRET] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => people.get(id) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  ttl: { AccessToken: 600, IdToken: 600, AuthorizationCode: 60, Session: 600, Grant: 600, Interaction: 600 },
});
provider.on('userinfo.error', (_, error) => console.error(error.message));
provider.on('server_error', (_, error) => console.error(error));

async function body(request) {
  let text = '';
  for await (const part of request) text += part;
  return JSON.parse(text);
}

const answer = provider.callback();
server.on('request', async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, issuer);
  if (pathname === '/person') {
    const person = await body(request);
    people.set(person.sub, person);
    next = person.sub;
    response.end();
  } else if (pathname === '/bend') {
    bend = await body(request);
    response.end();
  } else if (pathname === '/seen') {
    response.end(JSON.stringify(seen));
  } else if (pathname.startsWith('/interaction/')) {
    await provider.interactionFinished(request, response, { login: { accountId: next } });
  } else {
    if (pathname === '/me') seen.userinfo++;
    if (pathname === '/auth') {
      seen.requests.push(Object.fromEntries(searchParams));
      for (const [name, value] of Object.entries(bend)) searchParams.set(name, value);
      request.url = `${pathname}?${searchParams}`;
    }
    answer(request, response);
  }
});
console.log(issuer);
