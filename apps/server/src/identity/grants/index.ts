export type { GrantedToken } from './granted-token.ts'
export { type Grants, openGrants } from './open.ts'
