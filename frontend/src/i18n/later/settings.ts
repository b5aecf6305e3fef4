import { addEnglish } from "..";
import settings from "../locales/en/settings.json";

addEnglish("settings", settings);
