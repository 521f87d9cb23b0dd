// tries: to start threads
// must: refused or dies alone
async function lambda() {
  const escaped = []
  if (typeof Worker !== 'undefined') escaped.push('Worker')
  try {
    const { Worker: Thread } = process.getBuiltinModule('worker_threads')
    await new Promise((done) => {
      const thread = new Thread('require("fs").readFileSync("/etc/passwd"); require("worker_threads").parentPort.postMessage(1)', { eval: true })
      thread.on('message', () => { escaped.push('thread read a file'); done() })
      thread.on('error', done).on('exit', done)
      setTimeout(done, 1500)
    })
  } catch {}
  return { escaped }
}
