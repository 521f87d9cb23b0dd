export { type Audit, openAudit } from './open.ts'
export type { Actor, AuditFacts } from './record.ts'
