import type { CallAudit, CurrentCall } from '#base/http'
import { messageOf, ParleyError } from '#base/kernel'
import type { AuditDeps } from './deps.ts'
import { completeEntry, insertEntry } from './repository.ts'

/** Notes what callers do, around the operations of routes: no change is made before its entry is there. */
export function openCallAudit({ store, clock, ids, logger, repeated }: AuditDeps): CallAudit {
  return {
    async begin(call, entry) {
      const begun = { at: new Date(clock.now()), auditId: ids.uuid() }
      await insertEntry(store.db, {
        accountId: call.principal.accountId,
        ...begun,
        ...callerOf(call),
        ...entry,
        outcome: 'unknown',
        count: null,
        details: '{}',
      })
      call.begun = begun
    },

    async end({ begun, principal: { accountId } }, failure) {
      if (!begun) return
      try {
        await completeEntry(store.db, accountId, begun, failure ? ended(failure.thrown) : DONE)
      } catch (error) {
        // The caller is told how the operation ended. The entry stays `unknown`.
        const which = { err: error, accountId, auditId: begun.auditId }
        logger.error(which, `The audit does not say how a call ended: ${messageOf(error)}`)
      }
    },

    repeat: (call, entry) =>
      repeated.note(call.principal.accountId, { ...callerOf(call), ...entry }),

    refuse(call, { object, lacks }) {
      const caller = callerOf(call)
      const entry = { ...caller, action: 'request.refused', object, details: { lacks } }
      repeated.tally(call.principal.accountId, { ...entry, outcome: 'refused' })
    },
  }
}

const INTERNAL = { code: 'internal', status: 500 }
const DONE = { outcome: null }

function callerOf({ principal, address }: CurrentCall) {
  return { actor: principal.name, address, via: principal.via ?? null }
}

function ended(thrown: unknown): { outcome: 'refused' | 'failed'; details: string } {
  const { code, status } = thrown instanceof ParleyError ? thrown : INTERNAL
  return {
    outcome: status === 403 ? 'refused' : 'failed',
    details: JSON.stringify({ error: code }),
  }
}
