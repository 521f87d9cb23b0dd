/** Who a client is: agents and bots share one side of the protocol, consumers have the other. */
export type Side = 'agent' | 'consumer'
