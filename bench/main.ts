/** Runs one benchmark by its name. */

const benchmarks: Readonly<Record<string, string>> = {
  policy: 'how long one verdict takes, with few and with many rules',
  messages: 'how long a request takes from Azure to the mailbox and to Teams',
  pages: 'how long a page takes, and its size, with 1,000 open requests and 10 readers',
  escalations: 'the memory that 10,000 escalations take, beside 1,000',
}
const usage = 'Usage: npm run bench -- NAME [options]'
const help = `${usage}

Measures, and prints each figure beside what is expected. A figure that is not as expected is no failure: it depends on
the machine. Each benchmark has options of its own: npm run bench -- NAME --help.

${Object.entries(benchmarks)
  .map(([name, measures]) => `  ${name.padEnd(13)}${measures}`)
  .join('\n')}`

const [name = '--help'] = process.argv.splice(2, 1)
if (Object.hasOwn(benchmarks, name)) await import(`./${name}.ts`)
else if (name === '--help') console.log(help)
else {
  console.error(
    `There is no benchmark "${name}". The names: ${Object.keys(benchmarks).join(', ')}.\n${usage}`,
  )
  process.exitCode = 2
}
