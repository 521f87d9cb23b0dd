/** The document that keeps what was decided about a chat's transcript. */
export const DECISION = 'transcript'
