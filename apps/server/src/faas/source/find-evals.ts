import type { CallExpression, Expression, Program, Super } from 'acorn'
import { simple } from 'acorn-walk'
import { type Place, placeOf } from './parse-script.ts'

const GLOBAL_NAMES = new Set(['globalThis', 'global', 'window', 'self'])

/** Every call of `eval`, direct (`eval(x)`) or indirect (`(0, eval)(x)`, `globalThis.eval(x)`). */
export function findEvals(program: Program): Place[] {
  const places: Place[] = []
  simple(program, {
    CallExpression(call: CallExpression) {
      if (isEval(call.callee)) places.push(placeOf(call))
    },
  })
  return places
}

function isEval(callee: Expression | Super): boolean {
  switch (callee.type) {
    case 'Identifier':
      return callee.name === 'eval'
    case 'ParenthesizedExpression':
      return isEval(callee.expression)
    case 'SequenceExpression': {
      const last = callee.expressions.at(-1)
      return last !== undefined && isEval(last)
    }
    case 'ChainExpression':
      return isEval(callee.expression)
    case 'MemberExpression':
      return (
        callee.object.type === 'Identifier' &&
        GLOBAL_NAMES.has(callee.object.name) &&
        nameOf(callee.property) === 'eval'
      )
    default:
      return false
  }
}

function nameOf(property: { type: string; name?: string; value?: unknown }): unknown {
  return property.type === 'Literal' ? property.value : property.name
}
