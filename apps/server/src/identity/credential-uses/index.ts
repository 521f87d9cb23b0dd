export { type CredentialUses, openCredentialUses } from './open.ts'
