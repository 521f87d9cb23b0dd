import type { CallExpression, Expression, ObjectExpression, Program } from 'acorn'

/** In the order in which they are looked for when the source is loaded. */
const MEMBERS = ['lambda', 'default']

/** The entry point inside an object that `module.exports` is set to; a compiled module's `export` is one, too. */
export function exportedMember(program: Program, exported: Expression): Expression | undefined {
  const object =
    exported.type === 'ObjectExpression' ? exported : compiledExports(program, exported)
  if (!object) return undefined
  for (const name of MEMBERS) {
    const value = memberOf(object, name)
    if (value) return value
  }
  return undefined
}

function memberOf({ properties }: ObjectExpression, name: string): Expression | undefined {
  for (const property of properties) {
    if (property.type !== 'Property' || property.computed) continue
    const { key } = property
    const isMeant =
      (key.type === 'Identifier' && key.name === name) ||
      (key.type === 'Literal' && key.value === name)
    if (isMeant) return property.value
  }
  return undefined
}

/** `module.exports = __toCommonJS(x)` after `__export(x, { default: () => work })`, as the compiler writes it. */
function compiledExports(program: Program, exported: Expression): ObjectExpression | undefined {
  if (!isCallOf(exported, '__toCommonJS')) return undefined
  for (const statement of program.body) {
    if (statement.type !== 'ExpressionStatement') continue
    const { expression } = statement
    if (!isCallOf(expression, '__export')) continue
    const [, members] = expression.arguments
    if (members?.type !== 'ObjectExpression') continue
    return { ...members, properties: members.properties.map(withoutGetter) }
  }
  return undefined
}

type Member = ObjectExpression['properties'][number]

function withoutGetter(member: Member): Member {
  if (member.type !== 'Property' || member.value.type !== 'ArrowFunctionExpression') return member
  const { body } = member.value
  return body.type === 'BlockStatement' ? member : { ...member, value: body }
}

function isCallOf(expression: Expression, name: string): expression is CallExpression {
  return (
    expression.type === 'CallExpression' &&
    expression.callee.type === 'Identifier' &&
    expression.callee.name === name
  )
}
