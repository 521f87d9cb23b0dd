/** What the page of a Conversation Builder bot shows; its steps unless the address says otherwise. */
export const BOT_PARTS = ['steps', 'conversations', 'errors', 'settings'] as const
