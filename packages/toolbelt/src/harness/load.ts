import type { Lambda } from './calls.ts'
import type { LoadBody } from './protocol.ts'

const { defineProperty } = Object
const { set } = Reflect
const Compile = Function
const Environment = Proxy
// oxlint-disable-next-line no-eval -- of an inspected instance alone: the same as `Function`, without its two lines
const evaluateText = globalThis.eval

/** Evaluates the source, its variables new each time, and finds its entry point: `lambda`, or what `module.exports` was set to. */
export type Evaluate = (require: (name: string) => unknown) => Lambda

/** @throws what is no JavaScript */
export function compileLambda(load: LoadBody): Evaluate {
  const evaluate = compile(load)
  return (require) => {
    const env = environmentOf(load.env)
    defineProperty(process, 'env', { value: env, writable: true, configurable: true })
    const module: { exports: unknown } = { exports: {} }
    const found = evaluate(require, module, module.exports)
    const lambda = typeof found === 'function' ? found : memberOf(found)
    if (typeof lambda !== 'function') {
      throw new TypeError('The function declares no entry point called lambda')
    }
    return lambda as Lambda
  }
}

/** As that of a process: whatever is written there is read as a text. */
function environmentOf(given: Record<string, string>): object {
  return new Environment({ ...given }, { set: (env, name, value) => set(env, name, `${value}`) })
}

type Compiled = (require: unknown, module: unknown, exports: unknown) => unknown

function compile({ code, name, sourceUrl }: LoadBody): Compiled {
  // Legal at the start of a program, but not in a function: a comment of the same length.
  const inFunction = code.replace(/^#!/, '//')
  const body = `${inFunction}\n;return typeof lambda === 'function' ? lambda : module.exports;\n`
  if (sourceUrl === undefined) {
    return Compile('require', 'module', 'exports', `${body}//# sourceURL=${name}`) as Compiled
  }
  // Without the lines that `Function` puts first: a breakpoint is at the author's own line.
  return evaluateText(
    `(function (require, module, exports) {${body}})\n//# sourceURL=${sourceUrl}`,
  ) as Compiled
}

function memberOf(exported: unknown): unknown {
  if (typeof exported !== 'object' || exported === null) return undefined
  const { lambda, default: byDefault } = exported as Record<string, unknown>
  return lambda ?? byDefault
}
