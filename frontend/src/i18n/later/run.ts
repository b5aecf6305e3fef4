import { addEnglish } from "..";
import run from "../locales/en/run.json";

addEnglish("run", run);
