export { addApiKey, type ApiKeyDraft, type KeyValues, newKeyValues } from './api-keys.ts'
export { type AppToken, type AppTokenRequest, issueAppToken, readAppToken } from './app-tokens.ts'
export { type AuditFacts, listAudit, recordAudit } from './audit.ts'
export { boundedMap } from './bounded-map.ts'
export { addClient } from './clients.ts'
export {
  authenticateConsumer,
  authorizeAnonymous,
  type ConsumerIdentity,
  isTrusted,
  signUpConsumer,
  type TokenOrigin,
  verifyConsumerToken,
} from './consumer-tokens.ts'
export { lockAccount } from './lock-account.ts'
export { verifyKeyProof } from './key-proofs.ts'
export type { Credentials } from './known.ts'
export { findLoginKey, hasLoginKey, type KnownLoginKey } from './login-key.ts'
export { openCredentials } from './open.ts'
export { hashPassword, isPassword } from './passwords.ts'
export { type PerAccount, perAccount } from './per-account.ts'
export { mapConstraintErrors as refusing } from './refusing.ts'
export { type Actor, change, type CredentialsRoom } from './room.ts'
export { credentialRoutes } from './routes.ts'
export { requireForConsumers } from './scopes.ts'
export { findSigner, verifySignedRequest } from './signed-requests.ts'
