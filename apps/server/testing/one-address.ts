/** Settings for tests and benches, whose clients all come from one address. */
export const ONE_ADDRESS: Record<string, string> = {
  PARLEY_CONNECTIONS_PER_ADDRESS: '50000',
  PARLEY_SOCKETS_PER_ADDRESS: '50000',
  PARLEY_SIGN_UPS_PER_MINUTE: '1000000',
  PARLEY_CONVERSATIONS_PER_MINUTE: '1000000',
  // Tests share a machine that is busy with others.
  PARLEY_OVERLOAD_MS: '1000000',
}
