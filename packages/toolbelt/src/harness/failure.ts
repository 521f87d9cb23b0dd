import { loggable } from './json.ts'
import { type FailureBody, MAX_CODE_CHARACTERS } from './protocol.ts'

export interface Verdict {
  body: FailureBody
  /** An entry of the platform for the function's log. */
  note?: { level: 'Warn' | 'Error'; message: string; extras: unknown[] }
}

/** What the runtime itself throws when memory or stack ran out; other RangeErrors are the author's. */
const EXHAUSTED = /allocation|array buffer|call stack|invalid (array|string) length|memory/i

const OUT_OF_MEMORY = /allocation|memory/i

const UNREADABLE: FailureBody = {
  failure: 'runtime-exception',
  message: 'The error of the function cannot be read',
}

/** How a failure that a function delivered, threw or rejected with is classified. To read it may run code of the function, which may throw. */
export function classify(thrown: unknown, stackOf: (error: Error) => string): Verdict {
  try {
    return read(thrown, stackOf)
  } catch {
    return { body: UNREADABLE }
  }
}

function read(thrown: unknown, stackOf: (error: Error) => string): Verdict {
  if (thrown instanceof Error) {
    const body = { message: thrown.message, stack: stackOf(thrown) }
    if (isCodingError(thrown)) {
      const spent = isOutOfMemory(thrown) && { unusable: true }
      return { body: { failure: 'runtime-exception', ...body, ...spent } }
    }
    return {
      body: { failure: 'custom-failure', ...body },
      note: { level: 'Error', message: `Received Error - ${thrown.message}`, extras: [] },
    }
  }
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
    const { errorCode, errorMsg, message } = thrown as Record<string, unknown>
    const body: FailureBody = { failure: 'custom-failure', message: errorMsg ?? message }
    if (typeof errorCode === 'string') body.errorCode = errorCode.slice(0, MAX_CODE_CHARACTERS)
    return { body }
  }
  return {
    body: { failure: 'custom-failure', message: thrown },
    note: {
      level: 'Warn',
      message:
        'Received error in an incorrect format. Please provide an error object to the callback.',
      extras: [{ originalFailure: loggable(thrown) }],
    },
  }
}

function isCodingError(error: Error): boolean {
  if (error instanceof TypeError || error instanceof ReferenceError) return true
  if (error instanceof SyntaxError) return true
  return error instanceof RangeError && EXHAUSTED.test(error.message)
}

/** The process has almost no memory left, so further calls in it would fail, too. */
function isOutOfMemory(error: Error): boolean {
  return error instanceof RangeError && OUT_OF_MEMORY.test(error.message)
}
