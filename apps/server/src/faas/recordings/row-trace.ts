import { mayHaveCredential } from '@parley/toolbelt/masked-names'
import type { Masked } from '#base/kernel'
import type { SecretMask } from '#base/kit'
import type { CallTrace } from '#faas/sandbox'
import type { RecordingsDeps } from './deps.ts'
import { joinParts, Recording } from './recording.ts'
import {
  maskStatement,
  moreOf,
  onlyThatItRan,
  type Statement,
  TOO_MUCH,
  UNREADABLE,
} from './statement.ts'

/** Of all parts of a trace. Longer ones would hold up the commits that records are in. */
const MAX_BYTES = 8_192

/** What a replay needs, as it stands in the row of a record. */
export type RowStatement = Statement | 'too much'

export interface RowTrace {
  trace: Masked<string>
  draws: string | null
}

export function fitsInRow({ parts }: CallTrace): boolean {
  return parts.reduce((sum, { length }) => sum + length, 0) <= MAX_BYTES
}

/**
 * Most processes state little, with nothing in it to mask: it is stored as it came, part by part, behind a line of what the platform knows,
 * and parsed by who reads it. The rest is one line: the masked recording.
 */
export function inRow(
  deps: Pick<RecordingsDeps, 'maskOf' | 'credentials' | 'logger'>,
  run: { accountId: string; recordId: string },
  statement: RowStatement,
): RowTrace {
  const mask = deps.maskOf(run.accountId)
  if (statement === 'too much') return oneLine(onlyThatItRan(mask, TOO_MUCH))
  const parts = plainParts(statement.trace, mask)
  if (!parts) return oneLine(maskStatement(deps, run, statement))
  const lines = [mask.json(moreOf(statement)), ...parts]
  return { trace: lines.join('\n') as Masked<string>, draws: null }
}

function oneLine({ recording, draws }: ReturnType<typeof maskStatement>): RowTrace {
  return { trace: JSON.stringify(recording) as Masked<string>, draws }
}

/** What is drawn is sealed, and what the platform answers may be a secret. */
const NEVER_PLAIN = /"(?:draws|hostCalls)"/

function plainParts({ parts }: CallTrace, mask: SecretMask): Masked<string>[] | undefined {
  const plain: Masked<string>[] = []
  for (const bytes of parts) {
    const text = bytes.toString()
    const masked = mayHaveCredential(text) || NEVER_PLAIN.test(text) ? undefined : mask.plain(text)
    if (masked === undefined) return undefined
    plain.push(masked)
  }
  return plain
}

export function readRowTrace(trace: string): Recording {
  const [first = '', ...parts] = trace.split('\n')
  const head = JSON.parse(first) as object
  if ('kept' in head) return Recording.parse(head)
  const joined = joinParts(parts)
  if (!joined) return Recording.parse({ kept: 'metadata', reason: UNREADABLE })
  const { draws: _none, isClean: _ofReplays, ...stated } = joined
  return Recording.parse({ kept: 'whole', ...head, ...stated })
}
