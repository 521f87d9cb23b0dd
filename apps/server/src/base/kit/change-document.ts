import type * as z from 'zod'
import type { Delivery } from '#base/delivery'
import type { Base, CommitOperation, DocumentWrite } from '#base/store'
import { findDocument } from './find-document.ts'
import { type BusyError, retryStale } from './retry-stale.ts'

export interface ChangeDocumentDeps extends Pick<Base, 'store' | 'monotonic'> {
  delivery: Pick<Delivery, 'commit'>
}

/** A document of table `document`, and how it is read. */
export interface DocumentRef<State extends object, Missing extends State | undefined> {
  kind: string
  id: string
  schema: z.ZodType<State>
  /** Answers the state of a document that is not stored yet, or throws. Without it, `decide` is given `undefined`. */
  empty?: () => Missing
  /** What errors call it, like `Chat "c1"`. */
  name: string
  busy?: BusyError
  /** Saves the first reading: what has been read a moment ago. */
  found?: { version: number; state: State } | undefined
}

/** What a decision asks for: all of it happens in one commit. */
export interface DocumentChange<State, Answer> extends Pick<
  CommitOperation,
  | 'messages'
  | 'outbox'
  | 'arm'
  | 'disarm'
  | 'invocations'
  | 'figures'
  | 'completesRow'
  | 'completesTimer'
> {
  /** Without one, the document stays as it is. */
  state?: State
  /** Other documents, which must have the versions that they name. */
  documents?: readonly DocumentWrite[]
  answer?: Answer
}

export interface ChangeOutcome<State, Answer> {
  /**
   * `unchanged`: the decision found nothing to do. `gone` and `duplicate`: nothing was applied, because the outbox row or
   * timer was completed before, or because a message with this request key is stored.
   */
  status: 'applied' | 'unchanged' | 'gone' | 'duplicate'
  /** The state after the commit; the one that was read, when nothing was applied. */
  state: State
  answer?: Answer | undefined
}

/**
 * Changes one versioned document: reads it, decides by its newest state, and commits only if that is still the newest, else
 * decides again. `decide` may run several times and must have no effect of its own; it answers `undefined` when there is
 * nothing to do.
 * @throws ParleyError `conversation_busy`, or what the document's `busy` says, when others change it all the time
 */
export async function changeDocument<
  State extends object,
  Missing extends State | undefined = undefined,
  Answer = undefined,
>(
  deps: ChangeDocumentDeps,
  accountId: string,
  { kind, id, schema, empty, name, busy, found }: DocumentRef<State, Missing>,
  decide: (
    state: State | Missing,
  ) =>
    | DocumentChange<State, Answer>
    | undefined
    | Promise<DocumentChange<State, Answer> | undefined>,
): Promise<ChangeOutcome<State | Missing, Answer>> {
  const read = async () => {
    const stored = await findDocument(deps.store.db, accountId, kind, id)
    return stored && { version: stored.version, state: schema.parse(stored.state) }
  }
  const attempt = async (
    isFirst: boolean,
  ): Promise<ChangeOutcome<State | Missing, Answer> | 'stale'> => {
    const before = (isFirst ? found : undefined) ?? (await read())
    // Without `empty`, Missing is `undefined`.
    const current = before ? before.state : (empty?.() as Missing)
    const change = await decide(current)
    if (!change) return { status: 'unchanged', state: current }
    const { state, answer, documents: others = [], ...also } = change
    const own = state ? [{ kind, id, readVersion: before?.version ?? 0, state }] : []
    const documents = [...own, ...others]
    const { status } = await deps.delivery.commit({ accountId, documents, ...also })
    if (status === 'stale') return status
    return { status, state: status === 'applied' ? (state ?? current) : current, answer }
  }
  return await retryStale(deps, name, attempt, busy)
}
