import type { BotExport } from '@parley/contract'
import { type Node, parse } from 'acorn'
import { ancestor, simple } from 'acorn-walk'
import { messageOf } from '#base/kernel'

/** A piece of code of an export. */
export interface BotCode {
  /** Of the interaction or integration, or of the bot. */
  owner: string
  member: string
  source: string
}

export interface CodeUse {
  /** Calls of `botContext`, by their names. */
  calls: Set<string>
  /** It also calls `botContext` by names that are made up when it runs, or by another name for it. */
  isHidden: boolean
  /** Names of interactions that are written as text in `setTriggerNextMessage`. */
  triggers: Set<string>
  /** Functions that the code declares at its top. */
  declares: Set<string>
  /** Set when it cannot be parsed. */
  problem?: string
}

const MEMBERS = ['preProcessMessage', 'postProcessMessage', 'processUserResponse'] as const

/** All code of an export, in the order of the file. */
export function codeOf({
  bot,
  conversationMessage,
  globalFunctions,
  responder,
}: BotExport): BotCode[] {
  return [
    { owner: bot.name, member: 'globalFunctions', source: globalFunctions?.methods },
    ...conversationMessage.flatMap((interaction) =>
      MEMBERS.map((member) => ({ owner: interaction.name, member, source: interaction[member] })),
    ),
    ...responder.map(({ name, transformResultsScript }) => ({
      owner: name,
      member: 'transformResultsScript',
      source: transformResultsScript,
    })),
  ].flatMap(({ source, ...rest }) => (source?.trim() ? [{ ...rest, source }] : []))
}

/** What a piece of code calls, as far as it is written out. */
export function useOf(source: string): CodeUse {
  const use: CodeUse = {
    calls: new Set(),
    isHidden: false,
    triggers: new Set(),
    declares: new Set(),
  }
  try {
    const program = parse(source, {
      ecmaVersion: 'latest',
      sourceType: 'script',
      allowReturnOutsideFunction: true,
    })
    for (const statement of program.body) {
      if (statement.type === 'FunctionDeclaration') use.declares.add(statement.id.name)
    }
    simple(program, {
      MemberExpression({ computed, object, property }) {
        if (!isBotContext(object)) return
        if (!computed && property.type === 'Identifier') use.calls.add(property.name)
        else if (property.type === 'Literal') use.calls.add(String(property.value))
        else use.isHidden = true
      },
      CallExpression({ arguments: [first], callee }) {
        const isTrigger =
          callee.type === 'MemberExpression' &&
          callee.property.type === 'Identifier' &&
          callee.property.name === 'setTriggerNextMessage'
        if (!isTrigger || first?.type !== 'Literal') return
        if (typeof first.value === 'string') use.triggers.add(first.value)
      },
    })
    ancestor(program, {
      Identifier(node, _state, ancestors) {
        const parent = ancestors.at(-2)
        if (isBotContext(node) && parent?.type !== 'MemberExpression') use.isHidden = true
      },
    })
  } catch (error) {
    use.problem = messageOf(error)
  }
  return use
}

function isBotContext(node: Node & { name?: string }): boolean {
  return node.type === 'Identifier' && node.name === 'botContext'
}
