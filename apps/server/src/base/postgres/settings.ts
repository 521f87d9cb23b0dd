/** How the embedded server runs: on a socket only, small, and without what one machine does not need. */
export function serverSettings(socketDir: string, isDurable: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    max_connections: '100',
    shared_buffers: '64MB',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    max_parallel_workers_per_gather: '0',
    // Not in /dev/shm, which is small in containers and keeps what a killed server leaves.
    dynamic_shared_memory_type: 'mmap',
    io_method: 'sync',
    jit: 'off',
    checkpoint_timeout: '15min',
    deadlock_timeout: '200ms',
    // Of passwords that are chosen later, by people: Parley's own has one round.
    scram_iterations: '4096',
    // Ten times the pages between two pauses: nothing that is updated while a table is sampled can be tidied up before the end of that.
    autovacuum_vacuum_cost_limit: '2000',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
