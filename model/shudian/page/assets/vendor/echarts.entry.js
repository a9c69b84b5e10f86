import { init, use } from "echarts/core";
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TitleComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

use([BarChart, CustomChart, LineChart, ScatterChart]);
use([GridComponent, MarkLineComponent, TitleComponent, TooltipComponent]);
use([CanvasRenderer, SVGRenderer]);
globalThis.echarts = { init };
