import type {
  ArrowFunctionExpression,
  AssignmentExpression,
  Expression,
  FunctionDeclaration,
  FunctionExpression,
  ModuleDeclaration,
  Pattern,
  Program,
  Statement,
} from 'acorn'
import { ancestor, simple } from 'acorn-walk'
import { exportedMember } from './exported-member.ts'
import { type Place, placeOf } from './parse-script.ts'

/** How a function delivers its result: by the callback alone, or by what `lambda` returns. */
export type Delivers = 'callback' | 'return'

export interface EntryPoint {
  delivers: Delivers
  unusedCallback: { name: string; at: Place } | undefined
  /** Where its first parameter begins; absent without one. */
  input?: Place
  /** Whether the top level has it as `lambda`. */
  isNamed: boolean
}

type AnyFunction = FunctionDeclaration | FunctionExpression | ArrowFunctionExpression

/** The top-level `lambda`, or else what `module.exports` is set to. */
export function findEntryPoint(program: Program): EntryPoint | undefined {
  const named = topLevelValue(program, 'lambda')
  if (named) return { ...describeEntry(program, named), isNamed: true }
  const exported = exportedValue(program)
  return exported && describeEntry(program, exportedMember(program, exported) ?? exported)
}

function describeEntry(program: Program, value: AnyFunction | Expression): EntryPoint {
  const entry = resolveFunction(program, value)
  // An entry point that cannot be analysed, such as `const lambda = wrap(work)`, is taken to call back.
  if (!entry) return { delivers: 'callback', unusedCallback: undefined, isNamed: false }
  const [first, second] = entry.params
  const callsBack = second !== undefined || entry.params.some(isRest) || usesArguments(entry)
  return {
    delivers: callsBack ? 'callback' : 'return',
    unusedCallback: second ? unusedParameter(entry, second) : undefined,
    ...(first && { input: placeOf(first) }),
    isNamed: false,
  }
}

function topLevelValue(program: Program, name: string): AnyFunction | Expression | undefined {
  let found: AnyFunction | Expression | undefined
  for (const statement of program.body) {
    found = valueGivenBy(statement, name) ?? found
  }
  return found
}

function valueGivenBy(
  statement: Statement | ModuleDeclaration,
  name: string,
): AnyFunction | Expression | undefined {
  if (statement.type === 'FunctionDeclaration') {
    return statement.id.name === name ? statement : undefined
  }
  if (statement.type === 'VariableDeclaration') {
    const declared = statement.declarations.find(
      ({ id }) => id.type === 'Identifier' && id.name === name,
    )
    return declared?.init ?? undefined
  }
  if (statement.type !== 'ExpressionStatement') return undefined
  const assignment = statement.expression
  return assignment.type === 'AssignmentExpression' &&
    assignment.left.type === 'Identifier' &&
    assignment.left.name === name
    ? assignment.right
    : undefined
}

/** The right side of the last `module.exports = …`, wherever in the top level's expressions it stands. */
function exportedValue(program: Program): Expression | undefined {
  let exported: Expression | undefined
  simple(program, {
    AssignmentExpression(assignment: AssignmentExpression) {
      if (isModuleExports(assignment.left)) exported = assignment.right
    },
  })
  return exported
}

function isModuleExports(left: Pattern): boolean {
  return (
    left.type === 'MemberExpression' &&
    left.object.type === 'Identifier' &&
    left.object.name === 'module' &&
    ((left.property.type === 'Identifier' && left.property.name === 'exports') ||
      (left.property.type === 'Literal' && left.property.value === 'exports'))
  )
}

function resolveFunction(
  program: Program,
  value: AnyFunction | Expression,
  depth = 0,
): AnyFunction | undefined {
  switch (value.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return value
    case 'AssignmentExpression':
      return resolveFunction(program, value.right, depth)
    case 'Identifier': {
      const aliased = depth < 5 ? topLevelValue(program, value.name) : undefined
      return aliased && resolveFunction(program, aliased, depth + 1)
    }
    default:
      return undefined
  }
}

function isRest(parameter: Pattern): boolean {
  return parameter.type === 'RestElement'
}

/** Whether the function uses its `arguments`. Arrow functions inside share it, other functions have their own. */
function usesArguments(entry: AnyFunction): boolean {
  if (entry.type === 'ArrowFunctionExpression') return false
  let used = false
  ancestor(entry, {
    Identifier({ name }, _state, ancestors) {
      const owner = ancestors.findLast(
        ({ type }) => type === 'FunctionDeclaration' || type === 'FunctionExpression',
      )
      if (name === 'arguments' && owner === entry) used = true
    },
  })
  return used
}

function unusedParameter(
  entry: AnyFunction,
  parameter: Pattern,
): { name: string; at: Place } | undefined {
  const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
  if (target.type !== 'Identifier' || usesArguments(entry)) return undefined
  let used = false
  simple(entry, {
    Identifier({ name }) {
      if (name === target.name) used = true
    },
  })
  return used ? undefined : { name: target.name, at: placeOf(target) }
}
