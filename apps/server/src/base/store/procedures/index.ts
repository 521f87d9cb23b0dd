import { applyOperations } from './apply-operations.ts'
import type { Procedure } from './define-procedure.ts'
import { dueRows, dueTimers, nextDue } from './due-work.ts'
import { enqueueRows } from './enqueue-rows.ts'
import { insertOutboxRows } from './insert-outbox-rows.ts'

export { defineProcedure, type Procedure } from './define-procedure.ts'

/** The stored procedures that a node installs at start. Add yours here, one line each. */
export interface Procedures {
  readonly applyOperations: Procedure
  readonly dueRows: Procedure
  readonly dueTimers: Procedure
  readonly enqueueRows: Procedure
  readonly insertOutboxRows: Procedure
  readonly nextDue: Procedure
}

export const procedures: Procedures = {
  applyOperations,
  dueRows,
  dueTimers,
  enqueueRows,
  insertOutboxRows,
  nextDue,
}
