// Loaded ahead of the measured command: at its end writes CPU time (us) and peak memory (kB).
const { writeFileSync } = require('node:fs')

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  const { maxRSS } = process.resourceUsage()
  writeFileSync(process.env.SPILLWAY_MEASURE, JSON.stringify({ cpuUs: user + system, maxRSS }))
})
