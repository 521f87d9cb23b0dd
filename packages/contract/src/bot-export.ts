import * as z from 'zod'

/** Largest export that is taken, in bytes. */
export const MAX_BOT_BYTES = 2 * 1024 * 1024
/** Most interactions of one bot. */
export const MAX_BOT_INTERACTIONS = 5_000

/** A longer pattern matches nothing. */
export const MAX_PATTERN_CHARACTERS = 2_000

/** Exports write `null` for what is not set. */
function unset<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined)
}

function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? [])
}

const Name = z.string().max(1_000)
const Text = unset(z.string())
const Code = unset(z.string())
const Pair = z.looseObject({ key: z.string(), value: unset(z.string()) })
const Order = unset(z.union([z.string(), z.number()]))

const QuickReply = z.looseObject({ type: Text, title: z.string(), payload: Text })
export type BotQuickReply = z.infer<typeof QuickReply>

const Button = z.looseObject({ name: Text, title: Text, type: Text, callback: Text, target: Text })
export type BotButton = z.infer<typeof Button>

const Choice = z.union([
  z.string(),
  z.looseObject({ name: Text, title: Text, text: Text, value: Text }),
])

const Tile = z.looseObject({
  text: Text,
  title: Text,
  subTitle: Text,
  image: Text,
  url: Text,
  buttons: list(Button),
  quickReplyList: list(QuickReply),
  multipleChoice: unset(
    z.looseObject({ multipleChoices: list(Choice), displayChoice: Text, textStyle: Text }),
  ),
  quickReplyWidget: unset(z.looseObject({ choicesPerRow: Order })),
  universalWidget: unset(z.looseObject({ leMessageJson: Text })),
  escalation: unset(z.looseObject({ agentSkillId: unset(z.union([z.string(), z.number()])) })),
})
export type BotTile = z.infer<typeof Tile>

const Content = z.looseObject({
  contentType: Text,
  responderName: Text,
  responderId: Text,
  results: unset(
    z.looseObject({
      type: Text,
      tile: unset(z.looseObject({ tileData: list(Tile) })),
    }),
  ),
})

const Condition = z.looseObject({
  matchType: z.string(),
  patternMatch: unset(
    z.looseObject({ patterns: list(z.string()), excludeKeywords: list(z.string()) }),
  ),
  regexMatch: unset(z.looseObject({ regexText: Text, excludeKeywords: list(z.string()) })),
  evaluateOptionMatch: unset(z.looseObject({ value: Text })),
  apiResultsMatch: unset(z.looseObject({ status: Text })),
  noMatch: unset(z.looseObject({ fallbackMessage: Text })),
  intentMatch: unset(z.looseObject({ intentId: Text })),
})
export type BotCondition = z.infer<typeof Condition>

const ContextCondition = z.looseObject({
  contextName: z.string(),
  matchType: z.string(),
  value: Text,
})
export type BotContextCondition = z.infer<typeof ContextCondition>

const Rule = z.looseObject({
  name: Text,
  conditions: list(Condition),
  contextConditions: list(ContextCondition),
  contextMatchConditionType: Text,
  action: unset(z.looseObject({ name: Text, value: Text })),
  contextDataVariables: list(z.looseObject({ name: z.string(), value: Text, scope: Text })),
})
export type BotRule = z.infer<typeof Rule>

const Interaction = z.looseObject({
  id: z.string().min(1).max(200),
  name: Name,
  group: z.string().max(200),
  /** `BOT_MESSAGE` in all. */
  type: Text,
  interactionType: z.string().max(200),
  status: Text,
  userInputRequired: unset(z.boolean()),
  content: unset(Content),
  pattern: list(z.string()),
  intentId: Text,
  nextMessageId: Text,
  prevMessageId: Text,
  responseMatches: list(Rule),
  preProcessMessage: Code,
  postProcessMessage: Code,
  processUserResponse: Code,
  quickReplies: list(QuickReply),
  interactionDelay: Order,
})
export type BotInteraction = z.infer<typeof Interaction>

const Responder = z.looseObject({
  id: z.string().max(200),
  name: Name,
  integrationType: Text,
  webhook: Text,
  method: Text,
  headers: list(Pair),
  postBody: Text,
  customDataFields: list(Pair),
  responseDataVariable: Text,
  transformResultsScript: Code,
  /** Of a Functions integration. */
  lambdaUuid: Text,
})
export type BotResponder = z.infer<typeof Responder>

const Dialog = z.looseObject({
  id: z.string().max(200),
  name: Name,
  dialogType: Text,
  status: Text,
})

/**
 * The members of a Conversation Builder export that a bot is run by (`spec/conversation-builder.md`). Members that are not named
 * here are let through; the file itself is kept as it came.
 */
export const BotExport = z
  .looseObject({
    bot: z.looseObject({
      id: z.string().min(1).max(200),
      name: Name,
      version: Text,
      chatBotType: Text,
      botAttributes: unset(z.looseObject({})),
    }),
    groups: z.array(Dialog).max(MAX_BOT_INTERACTIONS),
    conversationMessage: z.array(Interaction).max(MAX_BOT_INTERACTIONS),
    responder: list(Responder),
    globalFunctions: unset(z.looseObject({ methods: Code })),
    associatedIntents: list(z.looseObject({ id: Text, name: Text, displayName: Text })),
  })
  .superRefine(({ conversationMessage }, context) => {
    const seen = new Map<string, number>()
    for (const [index, { id }] of conversationMessage.entries()) {
      const first = seen.get(id)
      if (first === undefined) seen.set(id, index)
      else {
        const message = `is the id of conversationMessage.${first}, too`
        context.addIssue({ code: 'custom', path: ['conversationMessage', index, 'id'], message })
      }
    }
  })
export type BotExport = z.infer<typeof BotExport>

/** What an export asks for that is not there, or that will not run. */
export interface BotWarning {
  /** The name of the interaction or integration; that of the bot where none is meant. */
  interaction: string
  what: string
}
