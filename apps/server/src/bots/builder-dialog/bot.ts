import type { BotExport, BotInteraction, BotResponder } from '@parley/contract'

/** An export, by what a dialog looks up in it. Interactions and dialogs that are switched off are not there. */
export interface BuilderBot {
  name: string
  globalFunctions: string
  interactions: ReadonlyMap<string, BotInteraction>
  /** How many characters each has in the export. */
  charactersOf(interaction: BotInteraction): number
  /** The starters that a line of the consumer may begin with, in the order of the file. */
  starters: readonly BotInteraction[]
  /** The first interaction of the fallback dialog, of several the first that is switched on and has one. */
  fallback: BotInteraction | undefined
  /** Its id for one that is not there. */
  dialogName(dialogId: string): string
  /** The first interaction of a dialog. */
  firstOf(dialogId: string): BotInteraction | undefined
  /** By name; in the same dialog before all others. */
  named(name: string, dialogId: string | undefined): BotInteraction | undefined
  responderOf(interaction: BotInteraction): BotResponder | undefined
  /** By the variable of its answer, or by its name. */
  responderBy(name: string): BotResponder | undefined
  /** What a custom data field of an integration is written as. */
  fieldOf(responder: BotResponder, key: string): string | undefined
  /** As code and texts call the custom data fields of all integrations: `integration.key`. */
  fieldNames: readonly string[]
  /** The name of an intent; its id when it has none. */
  intentName(intentId: string): string
  /** The intent that an id or a name means. */
  intentId(idOrName: string): string
}

export function openBuilderBot(file: BotExport): BuilderBot {
  const off = new Set(
    file.groups.filter(({ status = 'ENABLED' }) => status !== 'ENABLED').map(({ id }) => id),
  )
  const active = file.conversationMessage.filter(
    ({ group, status = 'ACTIVE' }) => status === 'ACTIVE' && !off.has(group),
  )
  const characters = new Map(active.map((one) => [one, JSON.stringify(one).length]))
  const byDialog = Map.groupBy(active, ({ group }) => group)
  const dialogNames = new Map(file.groups.map(({ id, name }) => [id, name]))
  const byName = Map.groupBy(active, ({ name }) => name)
  const fallback = file.groups
    .filter(({ id, dialogType }) => dialogType === 'FALLBACK_DIALOG' && !off.has(id))
    .map(({ id }) => firstOf(id))
    .find((first) => first !== undefined)
  const { associatedIntents: intents, responder: responders } = file
  const byVariable = firstsOf(responders, ({ responseDataVariable }) => responseDataVariable)
  const byResponderName = firstsOf(responders, ({ name }) => name)
  const fields = new Map(
    responders.map((one) => [one, firstsOf(one.customDataFields, ({ key }) => key)]),
  )

  function firstOf(dialogId: string): BotInteraction | undefined {
    const steps = byDialog.get(dialogId) ?? []
    return (
      steps.find(({ interactionType }) => interactionType === 'DIALOG_STARTER') ??
      steps.find(({ prevMessageId }) => !prevMessageId) ??
      steps[0]
    )
  }

  return {
    name: file.bot.name,
    globalFunctions: file.globalFunctions?.methods ?? '',
    interactions: new Map(active.map((interaction) => [interaction.id, interaction])),
    charactersOf: (interaction) => characters.get(interaction) ?? 0,
    starters: active.filter(
      ({ group, interactionType }) =>
        interactionType === 'DIALOG_STARTER' && group !== fallback?.group,
    ),
    fallback,
    dialogName: (dialogId) => dialogNames.get(dialogId) ?? dialogId,
    firstOf,
    named(name, dialogId) {
      const found = byName.get(name) ?? []
      return found.find(({ group }) => group === dialogId) ?? found[0]
    },
    responderOf({ content }) {
      const { responderId, responderName } = content ?? {}
      return (
        responders.find(({ id }) => id === responderId) ??
        responders.find(({ name }) => name === responderName)
      )
    },
    responderBy: (name) => byVariable.get(name) ?? byResponderName.get(name),
    fieldOf: (responder, key) => fields.get(responder)?.get(key)?.value,
    fieldNames: responders.flatMap(({ customDataFields, name, responseDataVariable }) =>
      [name, responseDataVariable]
        .filter((integration) => integration)
        .flatMap((integration) => customDataFields.map(({ key }) => `${integration}.${key}`)),
    ),
    intentName(intentId) {
      const found = intents.find(({ id }) => id === intentId)
      return found?.displayName ?? found?.name ?? intentId
    },
    intentId: (given) =>
      intents.find(({ displayName, id, name }) => [id, name, displayName].includes(given))?.id ??
      given,
  }
}

/** The first one of each key. */
function firstsOf<One>(
  all: readonly One[],
  keyOf: (one: One) => string | undefined,
): ReadonlyMap<string, One> {
  return new Map(
    all.toReversed().flatMap((one) => {
      const key = keyOf(one)
      return key === undefined ? [] : [[key, one] as const]
    }),
  )
}
