/** As the shell says of a program that wrote to a pipe which nobody reads. */
const NO_READER = 141

/** Who reads the output may have read enough (`parley logs | head`): then nobody is left to tell anything. */
export function endWithReader(): void {
  process.stdout.on('error', endAtBrokenPipe)
}

/** For a command that cleans up, whoever reads. */
export function outliveReader(): void {
  process.stdout.off('error', endAtBrokenPipe).on('error', () => undefined)
}

function endAtBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(NO_READER)
}
