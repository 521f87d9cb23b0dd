import * as z from 'zod'

const Texts = z.record(z.string(), z.string())

/** Where a conversation stands in its bot's dialogs, as plain JSON: any node goes on from it. */
export const DialogState = z.object({
  /** `__initConversation` has run. */
  started: z.boolean(),
  dialogId: z.string().optional(),
  /** Id of the question that waits for an answer. */
  waiting: z.string().optional(),
  /** Name that code has set to follow the waiting question, whatever the answer is. */
  trigger: z.string().optional(),
  /** What the last question offered: a message with such a title carries its payload. */
  offered: z.array(z.object({ title: z.string(), payload: z.string() })),
  variables: z.object({ dialog: Texts, session: Texts, forever: Texts }),
  /** Answers by the names of their questions. */
  slots: Texts,
  /** What integrations have answered: `jsonData` by the name of the variable. */
  results: Texts,
  apiSucceeded: z.boolean().optional(),
  /** What the last API has answered with; missing where it has not answered. */
  apiStatus: z.string().optional(),
  starterIntent: z.string().optional(),
  /** The bot has closed the conversation or handed it over. */
  ended: z.boolean().optional(),
})
export type DialogState = z.infer<typeof DialogState>

/** @param forever what the bot keeps of this consumer from earlier conversations */
export function newDialogState(forever: Record<string, string> = {}): DialogState {
  return {
    started: false,
    offered: [],
    variables: { dialog: {}, session: {}, forever },
    slots: {},
    results: {},
  }
}

/** The same conversation, out of the dialog that it was in. */
export function withoutDialog(state: DialogState): DialogState {
  const { apiStatus, apiSucceeded, results, slots, started, variables } = state
  return {
    started,
    offered: [],
    variables: { ...variables, dialog: {} },
    slots,
    results,
    ...(apiSucceeded !== undefined && { apiSucceeded }),
    ...(apiStatus !== undefined && { apiStatus }),
  }
}
