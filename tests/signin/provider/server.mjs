/* A certified OpenID Provider for the tests: its accounts are a file, read anew at every question. */
import { readFileSync } from "node:fs";
import { Provider } from "oidc-provider";

const { issuer, port, accounts, clients, keys, lifetimes, rotate } = JSON.parse(readFileSync(process.argv[2], "utf8"));

const provider = new Provider(issuer, {
  clients,
  jwks: keys,
  cookies: { keys: ["test"] },
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  claims: { openid: ["sub"], profile: ["name", "roles", "groups", "employee"] },
  scopes: ["openid", "profile", "offline_access"],
  ttl: { AccessToken: lifetimes, IdToken: lifetimes, RefreshToken: 86400, Session: 86400, Grant: 86400, Interaction: 600 },
  issueRefreshToken: async () => true,
  rotateRefreshToken: rotate,
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => {
    const claims = JSON.parse(readFileSync(accounts, "utf8"))[id];
    return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
  },
  /* The county's own client: nobody is asked whether it may know who they are. */
  loadExistingGrant: async (ctx) => {
    const { client, session, params, provider: op } = ctx.oidc;
    const before = session.grantIdFor(client.clientId);
    if (before) return op.Grant.find(before);
    const grant = new op.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(params.scope);
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = `<!DOCTYPE html><title>Provider</title><form method="post"><label>User <input name="user"></label>
      <button name="do" value="in">Sign in</button> <button name="do" value="cancel">Cancel</button></form>`;
    return;
  }
  const chunks = [];
  for await (const chunk of ctx.req) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const result =
    form.get("do") === "cancel"
      ? { error: "access_denied", error_description: "cancelled" }
      : { login: { accountId: form.get("user") } };
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false }));
  ctx.status = 303;
});

provider.listen(port, "127.0.0.1");
