export { bearerOf } from './authenticator.ts'
export type { FirstRun } from './first-run-file.ts'
export { type Accounts, openAccounts } from './open.ts'
export type { LoginProof } from './sessions.ts'
