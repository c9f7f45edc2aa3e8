/** Installs what notes changes and raises versions, unless it is there. */
import { installOnDemand } from '../on-demand.ts'

installOnDemand('tools/versions')
