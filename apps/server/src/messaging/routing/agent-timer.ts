/** The kind of timer that fires when the last socket of an agent has been closed for a while. */
export const AGENT_GONE = 'agent-gone'
