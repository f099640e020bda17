// oidc-provider with what the rows ask of it: a machine client with ES256 JWTs, an application with one person who is signed in and
// has agreed, everything in memory, refresh tokens without rotation.
// PORT is the port; CLIENT_SECRET the clients' secret; /health/ready answers once the provider takes requests.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const port = Number(process.env.PORT);
const issuer = `http://127.0.0.1:${port}`;
const api = 'urn:bench:api';
const person = 'bench-person';
const key = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };
const client = {
  client_secret: process.env.CLIENT_SECRET,
  id_token_signed_response_alg: 'ES256',
  token_endpoint_auth_method: 'client_secret_post',
};
const people = {
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: ['https://bench.example/callback'],
  response_types: ['code'],
};

const provider = new Provider(issuer, {
  clients: [
    { ...client, client_id: 'bench', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
    { ...client, ...people, client_id: 'shop' },
    { ...client, ...people, client_id: 'keeper' },
  ],
  jwks: { keys: [key] },
  cookies: { keys: [process.env.CLIENT_SECRET] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  // The person has agreed before.
  async loadExistingGrant(ctx) {
    const known = ctx.oidc.session.grantIdFor(ctx.oidc.client.clientId);
    if (known) return ctx.oidc.provider.Grant.find(known);
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid offline_access');
    await grant.save();
    return grant;
  },
  // Without a question each time, as at the other side.
  issueRefreshToken: (_, asking) => asking.clientId === 'keeper',
  rotateRefreshToken: false,
  pkce: { required: () => true },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx) => (ctx.oidc.client.clientId === 'bench' ? api : undefined),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: '', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
    },
  },
  ttl: { ClientCredentials: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60, Session: 86400, Grant: 86400, RefreshToken: 86400, Interaction: 600 },
});

const answer = provider.callback();
createServer((request, response) => {
  if (request.url === '/health/ready') response.end('ready');
  else if (request.url.startsWith('/interaction/')) provider.interactionFinished(request, response, { login: { accountId: person } });
  else answer(request, response);
}).listen(port, '127.0.0.1');
