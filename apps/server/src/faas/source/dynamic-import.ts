import type { Program } from 'acorn'
import { simple } from 'acorn-walk'

/** Whether a script has an `import()`. One that is nested too deeply to be walked is refused by whoever walks it next. */
export function hasDynamicImport(program: Program): boolean {
  let found = false
  try {
    simple(program, { ImportExpression: () => void (found = true) })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return found
}
