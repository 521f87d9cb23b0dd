import type { Lambda } from './calls.ts'
import type { LoadBody } from './protocol.ts'

const { defineProperty } = Object
const Compile = Function

/** Evaluates the source and finds its entry point: `lambda`, or what `module.exports` was set to. */
export function loadLambda(load: LoadBody, require: (name: string) => unknown): Lambda {
  defineProperty(process, 'env', { value: { ...load.env }, writable: true, configurable: true })
  const module: { exports: unknown } = { exports: {} }
  const evaluate = Compile(
    'require',
    'module',
    'exports',
    `${load.code}\n;return typeof lambda === 'function' ? lambda : module.exports;\n//# sourceURL=${load.name}`,
  ) as (require: unknown, module: unknown, exports: unknown) => unknown
  const found = evaluate(require, module, module.exports)
  const lambda = typeof found === 'function' ? found : memberOf(found)
  if (typeof lambda !== 'function') {
    throw new TypeError('The function declares no entry point called lambda')
  }
  return lambda as Lambda
}

function memberOf(exported: unknown): unknown {
  if (typeof exported !== 'object' || exported === null) return undefined
  const { lambda, default: byDefault } = exported as Record<string, unknown>
  return lambda ?? byDefault
}
