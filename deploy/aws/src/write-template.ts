import { writeFileSync } from 'node:fs'
import { standaloneTemplate } from './standalone-template.ts'

const file = new URL('../behalf.template.json', import.meta.url)
writeFileSync(file, standaloneTemplate())
console.log('wrote deploy/aws/behalf.template.json')
