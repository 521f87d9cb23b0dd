import type { Masked } from '#base/kernel'
import type { SecretMask } from '#base/kit'
import type { CallTrace } from '#faas/sandbox'
import type { RecordingsDeps } from './deps.ts'
import { joinParts, maskedRecording, type Recording } from './recording.ts'

export const TOO_MUCH = 'More was recorded at once than this node writes'
export const UNREADABLE = 'The process of the function stated what is no recording'

/** What is known of a run for a replay of it. */
export interface Statement {
  trace: CallTrace
  bodyBytes: number
  environment: readonly string[]
}

/** As it may be stored: only that there was a run, when the process of the function has stated what is no recording. */
export interface MaskedStatement {
  recording: Masked<Partial<Recording>>
  draws: string | null
}

type Run = { accountId: string; recordId: string }
type Deps = Pick<RecordingsDeps, 'maskOf' | 'credentials' | 'logger'>

export function maskStatement(deps: Deps, run: Run, statement: Statement): MaskedStatement {
  const { accountId, recordId } = run
  const mask = deps.maskOf(accountId)
  try {
    const joined = joinParts(statement.trace.parts)
    if (!joined) return onlyThatItRan(mask, UNREADABLE)
    const { draws = [], isClean: _ofReplays, ...stated } = joined
    return {
      recording: maskedRecording(stated, moreOf(statement), mask),
      draws:
        draws.length === 0
          ? null
          : deps.credentials.secrets.seal(accountId, `draws ${recordId}`, JSON.stringify(draws)),
    }
  } catch (err) {
    deps.logger.error({ err, accountId, recordId }, 'A recording could not be put together')
    return onlyThatItRan(mask, UNREADABLE)
  }
}

export function onlyThatItRan(mask: SecretMask, reason: string): MaskedStatement {
  return { recording: mask.value({ kept: 'metadata', reason }), draws: null }
}

/** What the platform itself knows. */
export function moreOf({ trace, bodyBytes, environment }: Statement) {
  return {
    seed: Buffer.from(trace.seed).toString('hex'),
    bodyBytes,
    environment: [...environment],
  }
}
