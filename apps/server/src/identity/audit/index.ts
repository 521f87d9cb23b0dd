export type { Actor, AuditFacts } from './facts.ts'
export { type Audit, openAudit } from './open.ts'
