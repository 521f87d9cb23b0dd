// Plain JavaScript for every Node that knows modules: it must be able to say that it is too old.
const [major] = process.versions.node.split('.').map(Number)

if (major < 20) {
  process.stderr.write(
    `Parley: this is Node ${process.versions.node}, but Node 20 or newer is needed to install Parley; it then brings the one it runs on.\n` +
      '  Get it from https://nodejs.org/en/download, by "nvm install 22" or "fnm install 22", or from your system,\n' +
      '  such as "brew install node" on macOS. Then run the same command again.\n',
  )
  process.exitCode = 1
} else {
  // `--then` a program of users, which runs in this process: another one would cost a tenth of a second.
  const [, , option, program] = process.argv
  const withTools = option === undefined
  import('./prepare-packages.mjs')
    .then(({ prepare }) => prepare({ withTools }))
    .then(
      () => {
        if (option !== '--then') return
        process.argv.splice(1, 3, program)
        void import(new URL(`../${program}`, import.meta.url).href)
      },
      (error) => {
        process.stderr.write(`Parley: ${error.message}\n`)
        process.exitCode = 1
      },
    )
}
